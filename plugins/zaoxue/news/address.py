"""Which addresses may be asked. A list page is written by somebody else, and so is a redirect."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

PRIVATE = "内网地址不抓取 / address of a private network"


class PullRefused(ValueError):
    """An address or answer that is not taken, with the reason (Chinese and English)."""


def is_public(address: str) -> bool:
    """True for an address of the open internet; one that wraps an IPv4 address is judged by that."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def checked_addresses(url: str, private: bool) -> list[str]:
    """The addresses that the host of `url` has now, all of them public unless `private`.

    The caller connects to one of these and does not look the name up again: a name may answer with a public address
    once and with a private one a moment later. Raises PullRefused.
    """
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as error:
        raise PullRefused("端口不对 / not a port") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise PullRefused("只支持 http 和 https / only http and https")
    if parts.username or parts.password:
        raise PullRefused("地址不得带口令 / an address with a password in it")
    try:
        found = socket.getaddrinfo(parts.hostname, port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise PullRefused("找不到主机 / host not found") from error
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    if not private and not all(map(is_public, addresses)):
        raise PullRefused(PRIVATE)
    return addresses
