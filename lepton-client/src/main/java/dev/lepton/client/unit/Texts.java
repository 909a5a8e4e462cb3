package dev.lepton.client.unit;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refuses free text that is too long or holds control characters, so that it is safe to store, log
 * and show.
 */
public final class Texts {

    private static final int MAX_LABELS = 64;
    private static final int MAX_KEY = 63;
    private static final int MAX_VALUE = 256;

    private Texts() {}

    public static @Nullable String checked(String field, @Nullable String value, int maxLength) {
        return value == null ? null : required(field, value, maxLength);
    }

    /** As {@link #checked}, of a text that must be there. */
    public static String required(String field, String value, int maxLength) {
        if (value.length() > maxLength) {
            throw new IllegalArgumentException(
                    "'%s' has %d characters, the limit is %d"
                            .formatted(field, value.length(), maxLength));
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "'%s' must not contain control characters".formatted(field));
        }
        return value;
    }

    /**
     * Makes what somebody else has said fit to be stored: control characters become spaces, what is
     * too long is cut.
     */
    public static String fitted(String value, int maxLength) {
        String clean = value.replaceAll("\\p{Cntrl}", " ");
        return clean.length() <= maxLength ? clean : clean.substring(0, maxLength - 1) + "…";
    }

    /** At most 64 labels, keys of at most 63 and values of at most 256 characters. */
    public static Map<String, String> checkedLabels(@Nullable Map<String, String> labels) {
        return checkedMap("label", labels);
    }

    /** As {@link #checkedLabels}, for a map whose entries are called otherwise. */
    public static Map<String, String> checkedMap(
            String what, @Nullable Map<String, String> labels) {
        if (labels == null) {
            return Map.of();
        }
        if (labels.size() > MAX_LABELS) {
            throw new IllegalArgumentException(
                    "%d %ss, the limit is %d".formatted(labels.size(), what, MAX_LABELS));
        }
        labels.forEach((key, value) -> {
            if (key.isEmpty()) {
                throw new IllegalArgumentException("a " + what + "'s key must not be empty");
            }
            checked(what + " key", key, MAX_KEY);
            if (value == null) {
                throw new IllegalArgumentException("a " + what + "'s value must not be null");
            }
            checked(what + " value", value, MAX_VALUE);
        });
        return Map.copyOf(labels);
    }
}
