"""How often one address may try something."""

from datetime import timedelta
from functools import wraps

from flask import abort, current_app, render_template, request

from .models import Attempt, db, now


def limited(what, tries, seconds):
    """Lets an address call a view `tries` times within `seconds`."""

    def decorate(view):
        @wraps(view)
        def guarded(*args, **kwargs):
            if request.method == "POST":
                since = now() - timedelta(seconds=seconds)
                recent = Attempt.query.filter(
                    Attempt.what == what,
                    Attempt.address == request.remote_addr,
                    Attempt.at >= since,
                ).count()
                if recent >= tries:
                    current_app.logger.warning("rate limit: what=%s ip=%s", what, request.remote_addr)
                    abort(429)
                db.session.add(Attempt(what=what, address=request.remote_addr))
                db.session.commit()
            return view(*args, **kwargs)

        return guarded

    return decorate


def init_app(app):
    @app.errorhandler(429)
    def too_many(_error):
        return render_template("429.html"), 429
