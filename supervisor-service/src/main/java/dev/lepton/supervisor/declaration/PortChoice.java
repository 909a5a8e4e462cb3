package dev.lepton.supervisor.declaration;

import org.jspecify.annotations.Nullable;

/**
 * Which port a unit listens on.
 *
 * @param fixed null when the supervisor chooses a free one, once, and keeps it for the unit's life
 */
public record PortChoice(@Nullable Integer fixed) {

    public static final PortChoice FREE = new PortChoice(null);

    public static PortChoice fixed(int port) {
        return new PortChoice(port);
    }
}
