package dev.lepton.supervisor.declaration;

import org.jspecify.annotations.Nullable;

/**
 * What shows that a unit is ready.
 *
 * @param kind how it is asked
 * @param path of the GET request, null unless {@code HTTP}
 * @param onManagementPort whether the management port is asked instead of the main one
 */
public record Probe(Kind kind, @Nullable String path, boolean onManagementPort) {

    /** What a unit gets whose declaration names no probe. */
    public static final Probe CONNECT = new Probe(Kind.CONNECT, null, false);

    public static final Probe NONE = new Probe(Kind.NONE, null, false);

    public static Probe http(String path, boolean onManagementPort) {
        return new Probe(Kind.HTTP, path, onManagementPort);
    }

    /** How a unit is asked whether it is ready. */
    public enum Kind {
        /** A GET that must be answered with 2xx. */
        HTTP,
        /** The port must accept a connection. */
        CONNECT,
        /** Not at all: a unit that runs is ready. */
        NONE
    }
}
