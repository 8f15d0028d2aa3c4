"""Named checks: each tells on standard output what one operation came to, and a failure does not end the others."""

import json
import os
import traceback
import urllib.request

ORGS = {org["name"]: org for org in json.loads(os.environ["ORGS"])}


def tell(**outcome):
    print(f"\nCHECK {json.dumps(outcome)}", flush=True)


def check(operation, act):
    """Runs one check; gives what it returns, or None after a failure."""
    try:
        value = act()
    except Exception:
        tell(operation=operation, result="fails", text=traceback.format_exc())
        return None
    tell(operation=operation, result="passes")
    return value


async def check_later(operation, act):
    """As `check`, for a client whose calls are awaited."""
    try:
        value = await act()
    except Exception:
        tell(operation=operation, result="fails", text=traceback.format_exc())
        return None
    tell(operation=operation, result="passes")
    return value


def client_bug(operation, bug, act):
    """Shows a bug of the client: `act` passes when the client does what the bug's text says."""
    try:
        act()
    except Exception:
        text = f"{bug} is not met any more: {traceback.format_exc()}"
        tell(operation=operation, result="fails", text=text)
        return
    tell(operation=operation, result="client bug", bug=bug)


async def client_bug_later(operation, bug, act):
    """As `client_bug`, for a client whose calls are awaited."""
    try:
        await act()
    except Exception:
        text = f"{bug} is not met any more: {traceback.format_exc()}"
        tell(operation=operation, result="fails", text=text)
        return
    tell(operation=operation, result="client bug", bug=bug)


def raises(error, act):
    """What `act` raises; anything but `error` is a failure."""
    try:
        act()
    except error as caught:
        return caught
    raise AssertionError(f"no {error.__name__}")


async def raises_later(error, act):
    """As `raises`, for a client whose calls are awaited."""
    try:
        await act()
    except error as caught:
        return caught
    raise AssertionError(f"no {error.__name__}")


def control(org, path, body=None, method=None):
    """A call to an org's control endpoint, which no client has a part in."""
    data = None if body is None else json.dumps(body).encode()
    url = f"{org['instance_url']}/__orgsim/{path}"
    request = urllib.request.Request(url, data=data, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def end_sessions(org):
    """Ends every session of the org; grants stay."""
    control(org, "sessions/end", {})


def stored(org, name):
    """Live rows as the org stores them."""
    return control(org, f"rows?object={name}")
