"""What customers see."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import text

from .limits import limited
from .models import Event, Order, db, now

pages = Blueprint("shop", __name__)


@pages.get("/")
def index():
    events = Event.query.filter(Event.starts_at >= now()).order_by(Event.starts_at).all()
    return render_template("index.html", events=events)


@pages.route("/events/<int:event_id>", methods=["GET", "POST"])
@limited("order", tries=10, seconds=60)
def event(event_id):
    found = db.get_or_404(Event, event_id)
    if request.method == "POST":
        seats = request.form.get("seats", type=int) or 0
        email = request.form.get("email", "").strip()
        # FIXME: two people can take the last seat in the same second
        if not 1 <= seats <= min(8, found.seats_left):
            flash("So many seats are not left.")
        elif "@" not in email:
            flash("We need an address to send the tickets to.")
        else:
            order = Order(event=found, email=email, seats=seats)
            db.session.add(order)
            db.session.commit()
            current_app.logger.info("order: code=%s seats=%d", order.code, order.seats)
            return redirect(url_for("payments.pay", code=order.code), code=303)
    return render_template("event.html", event=found)


@pages.get("/tickets/<code>")
def ticket(code):
    order = Order.query.filter_by(code=code, state="paid").first()
    return render_template("ticket.html", order=order) if order else abort(404)


@pages.get("/healthz")
def healthz():
    db.session.execute(text("SELECT 1"))
    return {"ok": True}
