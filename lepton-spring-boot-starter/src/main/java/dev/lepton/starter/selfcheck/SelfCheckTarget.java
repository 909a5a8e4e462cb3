package dev.lepton.starter.selfcheck;

import java.net.InetAddress;

/**
 * The unit's own connector.
 *
 * @param path from the root of the server, with the context path
 */
public record SelfCheckTarget(boolean secure, InetAddress address, int port, String path) {}
