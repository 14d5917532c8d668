"""Kiosk: a small shop for concert tickets."""

import os

from flask import Flask

from . import auth, limits, logs, mail, payments, security, shop
from .config import Config
from .models import db


def create_app(settings=None):
    app = Flask(__name__, instance_relative_config=True)
    app.config.from_object(Config)
    app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY", "kiosk-dev-key")
    if settings:
        app.config.update(settings)

    logs.init_app(app)
    db.init_app(app)
    security.init_app(app)
    mail.init_app(app)
    limits.init_app(app)

    app.register_blueprint(shop.pages)
    app.register_blueprint(auth.pages)
    app.register_blueprint(payments.pages)

    with app.app_context():
        db.create_all()
    return app
