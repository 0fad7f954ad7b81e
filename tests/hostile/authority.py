"""Certificates of every kind, made by the openssl command line in a test's own folder."""
import os
import subprocess

CA_SETTINGS = """
[ca]
default_ca = here
[here]
database = {folder}/index.txt
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = optional
"""


def run(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"openssl {' '.join(arguments)}: {done.stderr}")


class Authority:
    def __init__(self, folder, name="ca"):
        self.folder = os.path.join(folder, name)
        os.mkdir(self.folder)
        self.certificate, self.key = self.path("ca.pem"), self.path("ca.key")
        run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}", "-keyout",
            self.key,
            "-out", self.certificate, "-addext", "keyUsage=critical,keyCertSign")
        for file, text in (("index.txt", ""), ("serial", "1000\n"), ("ca.conf", CA_SETTINGS.format(folder=self.folder))):
            with open(self.path(file), "w", encoding="ascii") as out:
                out.write(text)

    def path(self, name):
        return os.path.join(self.folder, name)

    def issue(self, name, subject="nobody", names="DNS:localhost,IP:127.0.0.1", usage="serverAuth", start="20240101000000Z", end="20391231000000Z"):
        """Certificate and key in one PEM file; `names` as openssl writes subjectAltName, or empty."""
        key, request, out, extensions = (self.path(f"{name}.{kind}") for kind in ("key", "csr", "pem", "ext"))
        with open(extensions, "w", encoding="ascii") as text:
            text.write(f"basicConstraints=critical,CA:FALSE\nextendedKeyUsage={usage}\n" + (f"subjectAltName={names}\n" if names else ""))
        run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={subject}", "-keyout", key, "-out", request)
        run("ca", "-batch", "-notext", "-config", self.path("ca.conf"), "-cert", self.certificate, "-keyfile", self.key, "-in", request, "-out", out,
            "-startdate", start, "-enddate", end, "-extfile", extensions)
        with open(out, "a", encoding="ascii") as both, open(key, encoding="ascii") as part:
            both.write(part.read())
        return out

    def self_signed(self, name):
        out, key = self.path(name + ".pem"), self.path(name + ".key")
        run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", key,
            "-out", out,
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        with open(out, "a", encoding="ascii") as both, open(key, encoding="ascii") as part:
            both.write(part.read())
        return out
