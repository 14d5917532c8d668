"""Tickets by mail."""

import smtplib
import ssl
from email.message import EmailMessage

from flask import current_app, url_for


def init_app(app):
    if not app.config["MAIL_SERVER"]:
        app.logger.warning("MAIL_SERVER is not set: tickets will not be sent")


def send_tickets(order):
    config = current_app.config
    message = EmailMessage()
    message["From"] = config["MAIL_SENDER"]
    message["To"] = order.email
    message["Subject"] = f"Your tickets for {order.event.title}"
    link = url_for("shop.ticket", code=order.code, _external=True)
    message.set_content(f"Thank you. Show this page at the door:\n\n{link}\n")
    try:
        with smtplib.SMTP(config["MAIL_SERVER"], config["MAIL_PORT"], timeout=10) as server:
            server.starttls(context=ssl.create_default_context())
            server.login(config["MAIL_USERNAME"], config["MAIL_PASSWORD"])
            server.send_message(message)
    except (OSError, smtplib.SMTPException):
        current_app.logger.exception("tickets not sent: order=%s", order.code)
