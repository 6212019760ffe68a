"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import unittest

import execute_api_patch
from ministack import app

_original = app._EXECUTE_API_RE


def setUpModule() -> None:
    execute_api_patch.apply()


def tearDownModule() -> None:
    app._EXECUTE_API_RE = _original


class Hosts(unittest.TestCase):
    def test_an_api_is_found_by_its_names(self) -> None:
        for host in (
            "5fddf3c7.execute-api.us-east-1.amazonaws.com",
            "5fddf3c7.execute-api.us-east-1.amazonaws.com:443",
            "5fddf3c7.execute-api.localhost",
            "5fddf3c7.execute-api.localhost:4566",
        ):
            with self.subTest(host):
                self.assertEqual(app._parse_execute_api_url(host, "/v1/sessions"), ("5fddf3c7", "v1", "/sessions"))

    def test_other_hosts_are_no_api(self) -> None:
        for host in (
            "127.0.0.1:4566",
            "execute-api.us-east-1.amazonaws.com",
            "5fddf3c7.execute-api.us-east-1.amazonaws.com.example.com",
            "evil-5fddf3c7.execute-api.us-east-1.amazonaws.com",
        ):
            with self.subTest(host):
                self.assertIsNone(app._parse_execute_api_url(host, "/v1/sessions"))


if __name__ == "__main__":
    unittest.main()
