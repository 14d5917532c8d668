"""Run with: python -m unittest tests/test_shop.py"""

import unittest
from datetime import timedelta

from kiosk import create_app
from kiosk.models import Event, db, now


class ShopTest(unittest.TestCase):
    def setUp(self):
        self.app = create_app(
            {
                "SECRET_KEY": "only-for-tests",
                "SQLALCHEMY_DATABASE_URI": "sqlite://",
                "WTF_CSRF_ENABLED": False,
                "TESTING": True,
            }
        )
        with self.app.app_context():
            db.session.add(
                Event(
                    title="Brass on the roof",
                    place="Old printing house",
                    starts_at=now() + timedelta(days=7),
                    price_cents=1800,
                    seats=3,
                )
            )
            db.session.commit()
        self.client = self.app.test_client()

    def test_events_are_listed(self):
        self.assertIn(b"Brass on the roof", self.client.get("/").data)

    def test_an_order_leads_to_the_payment(self):
        answer = self.client.post("/events/1", data={"seats": 2, "email": "ada@example.com"})
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/pay", answer.headers["Location"])

    def test_no_more_seats_than_there_are(self):
        answer = self.client.post("/events/1", data={"seats": 4, "email": "ada@example.com"})
        self.assertIn(b"not left", answer.data)

    def test_the_sixth_wrong_password_is_refused(self):
        for _ in range(5):
            self.client.post("/login", data={"name": "admin", "password": "guess"})
        answer = self.client.post("/login", data={"name": "admin", "password": "guess"})
        self.assertEqual(answer.status_code, 429)


if __name__ == "__main__":
    unittest.main()
