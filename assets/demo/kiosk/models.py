"""What the shop remembers."""

import secrets
from datetime import datetime, timezone

from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


def now():
    return datetime.now(timezone.utc)


class Event(db.Model):
    __tablename__ = "events"

    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(120), nullable=False)
    place = db.Column(db.String(120), nullable=False)
    starts_at = db.Column(db.DateTime, nullable=False)
    price_cents = db.Column(db.Integer, nullable=False)
    seats = db.Column(db.Integer, nullable=False)
    orders = db.relationship("Order", back_populates="event")

    @property
    def seats_left(self):
        return self.seats - sum(order.seats for order in self.orders if order.holds_seats)


class Order(db.Model):
    __tablename__ = "orders"

    id = db.Column(db.Integer, primary_key=True)
    code = db.Column(db.String(16), unique=True, default=lambda: secrets.token_hex(8))
    event_id = db.Column(db.ForeignKey("events.id"), nullable=False)
    email = db.Column(db.String(254), nullable=False)
    seats = db.Column(db.Integer, nullable=False)
    state = db.Column(db.String(16), nullable=False, default="new")
    payment_intent = db.Column(db.String(64))
    created_at = db.Column(db.DateTime, nullable=False, default=now)
    event = db.relationship("Event", back_populates="orders")

    @property
    def holds_seats(self):
        return self.state in ("new", "paid")

    @property
    def total_cents(self):
        return self.seats * self.event.price_cents


class Admin(db.Model):
    __tablename__ = "admins"

    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), unique=True, nullable=False)
    password_hash = db.Column(db.LargeBinary, nullable=False)


class Attempt(db.Model):
    """One try at something that is limited; in the database, so that all workers count together."""

    __tablename__ = "attempts"

    id = db.Column(db.Integer, primary_key=True)
    what = db.Column(db.String(40), nullable=False, index=True)
    address = db.Column(db.String(45), nullable=False, index=True)
    at = db.Column(db.DateTime, nullable=False, default=now)
