package dev.lepton.starter.drain;

import java.time.Duration;

/**
 * How a stop drains.
 *
 * @param timeout after which the server stops although requests keep coming
 * @param quiet how long no request of a gateway must have come
 * @param serverWaits whether the web server's own graceful shutdown waits for requests in flight
 */
public record DrainSettings(Duration timeout, Duration quiet, boolean serverWaits) {}
