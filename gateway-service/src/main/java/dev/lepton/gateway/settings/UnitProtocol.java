package dev.lepton.gateway.settings;

/** What the gateway speaks with the units of a service. */
public enum UnitProtocol {
    HTTP1,
    /** Without TLS from the first byte on, as gRPC does it (RFC 9113 3.3); with TLS by ALPN. */
    HTTP2
}
