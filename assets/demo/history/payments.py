"""Paying with Stripe."""

import stripe
from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for

from .auth import admin_required
from .mail import send_tickets
from .models import Order, db
from .security import csrf

pages = Blueprint("payments", __name__)


@pages.get("/orders/<code>/pay")
def pay(code):
    order = Order.query.filter_by(code=code, state="new").first_or_404()
    stripe.api_key = current_app.config["STRIPE_SECRET_KEY"]
    checkout = stripe.checkout.Session.create(
        mode="payment",
        customer_email=order.email,
        client_reference_id=order.code,
        line_items=[
            {
                "quantity": order.seats,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": order.event.price_cents,
                    "product_data": {"name": order.event.title},
                },
            }
        ],
        success_url=url_for("payments.thanks", _external=True),
        cancel_url=url_for("shop.event", event_id=order.event_id, _external=True),
    )
    return redirect(checkout.url, code=303)


@pages.get("/thanks")
def thanks():
    return render_template("thanks.html")


@pages.post("/stripe/webhook")
@csrf.exempt  # Stripe signs its requests; the signature is checked below
def webhook():
    try:
        event = stripe.Webhook.construct_event(
            request.get_data(),
            request.headers.get("Stripe-Signature", ""),
            current_app.config["STRIPE_WEBHOOK_SECRET"],
        )
    except (ValueError, stripe.SignatureVerificationError):
        current_app.logger.warning("payment event refused: ip=%s", request.remote_addr)
        abort(400)

    current_app.logger.info("payment event: id=%s type=%s", event["id"], event["type"])
    if event["type"] == "checkout.session.completed":
        session = event["data"]["object"]
        order = Order.query.filter_by(code=session["client_reference_id"]).first()
        if order and order.state == "new":
            order.state = "paid"
            order.payment_intent = session["payment_intent"]
            db.session.commit()
            send_tickets(order)
    return "", 204


@pages.get("/admin/orders")
@admin_required
def orders():
    latest = Order.query.order_by(Order.created_at.desc()).limit(200).all()
    return render_template("orders.html", orders=latest)
