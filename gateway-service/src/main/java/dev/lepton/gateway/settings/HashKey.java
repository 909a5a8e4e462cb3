package dev.lepton.gateway.settings;

import java.util.Locale;

/** What of a request decides which unit it goes to, such as {@code cookie:SESSION}. */
public record HashKey(Part part, String name) {

    /** Where in a request it is. */
    public enum Part {
        HEADER,
        COOKIE,
        QUERY
    }

    /**
     * Reads a setting.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static HashKey of(String text) {
        for (Part part : Part.values()) {
            String prefix = part.name().toLowerCase(Locale.ROOT) + ":";
            if (text.startsWith(prefix) && !text.substring(prefix.length()).isBlank()) {
                return new HashKey(part, text.substring(prefix.length()).strip());
            }
        }
        throw new IllegalArgumentException(
                "'hash-key' %s must be header:NAME, cookie:NAME or query:NAME".formatted(text));
    }
}
