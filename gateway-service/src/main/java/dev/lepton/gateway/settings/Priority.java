package dev.lepton.gateway.settings;

import java.util.Locale;

/** Who is refused first when a service has more to do than it can. */
public enum Priority {
    LOW(0.5),
    NORMAL(0.9),
    HIGH(1);

    private final double share;

    Priority(double share) {
        this.share = share;
    }

    /** Of a service's limit, up to which such a request is let in. */
    public double share() {
        return share;
    }

    /**
     * @throws IllegalArgumentException for a name that none has
     */
    public static Priority named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "low" -> LOW;
            case "normal" -> NORMAL;
            case "high" -> HIGH;
            default -> throw new IllegalArgumentException("low, normal or high");
        };
    }
}
