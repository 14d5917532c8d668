"""The administrators' way in."""

from functools import wraps

import bcrypt
import click
from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

from .limits import limited
from .models import Admin, db

pages = Blueprint("auth", __name__, cli_group=None)


def admin_required(view):
    @wraps(view)
    def guarded(*args, **kwargs):
        if "admin" not in session:
            return redirect(url_for("auth.login"))
        return view(*args, **kwargs)

    return guarded


@pages.route("/login", methods=["GET", "POST"])
@limited("login", tries=5, seconds=60)
def login():
    if request.method == "POST":
        name = request.form.get("name", "")
        password = request.form.get("password", "").encode()
        admin = Admin.query.filter_by(name=name).first()
        if admin and bcrypt.checkpw(password, admin.password_hash):
            session.clear()
            session["admin"] = admin.id
            return redirect(url_for("payments.orders"))
        current_app.logger.warning("login failed: name=%r ip=%s", name, request.remote_addr)
        flash("Name and password do not fit.")
    return render_template("login.html")


@pages.post("/logout")
def logout():
    session.clear()
    return redirect(url_for("shop.index"))


@pages.cli.command("add-admin")
@click.argument("name")
@click.password_option()
def add_admin(name, password):
    """Lets a person in."""
    hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt())
    db.session.add(Admin(name=name, password_hash=hashed))
    db.session.commit()
