package dev.lepton.gateway.settings;

/** Which requests to a service share one rate limit. */
public record LimitKey(Kind kind, String header) {

    /** What they have in common. */
    public enum Kind {
        /** The address of the client. */
        ADDRESS,
        /** The value of a header; the address where it is missing. */
        HEADER,
        /** The service. */
        NONE
    }

    private static final String HEADER = "header:";

    /**
     * Reads a setting.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static LimitKey of(String text) {
        if (text.equals("address")) {
            return new LimitKey(Kind.ADDRESS, "");
        }
        if (text.equals("none")) {
            return new LimitKey(Kind.NONE, "");
        }
        if (text.startsWith(HEADER) && !text.substring(HEADER.length()).isBlank()) {
            return new LimitKey(Kind.HEADER, text.substring(HEADER.length()).strip());
        }
        throw new IllegalArgumentException(
                "'rate-limit.key' %s must be address, header:NAME or none".formatted(text));
    }
}
