"""Keys of the apps that log in without a person, and the apps themselves."""

import datetime

from checks import control
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


def certificate_and_key():
    """A self-signed certificate, as an admin uploads it, and the private key that belongs to it; both PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "app")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode(), private


def register_app(org, client_id, certificate=None, secret=None):
    """Lets the org know an app that logs in by certificate, or as its run-as user by secret."""
    app = {"client_id": client_id}
    if certificate is not None:
        app["certificate"] = certificate
    if secret is not None:
        app["client_secret"] = secret
        app["run_as"] = org["username"]
    control(org, "apps", app)
