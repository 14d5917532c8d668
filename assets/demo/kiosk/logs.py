"""Log lines for people, errors for Sentry."""

import logging


def init_app(app):
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    app.logger.setLevel(logging.INFO)
    if app.config["SENTRY_DSN"]:
        import sentry_sdk

        sentry_sdk.init(dsn=app.config["SENTRY_DSN"], environment="production")
