package dev.lepton.client.unit;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Refuses a name that breaks its rule, with a message that is safe to log and to show. */
final class Names {

    private static final int SHOWN = 64;

    private Names() {}

    static void require(String what, @Nullable String value, Pattern allowed, String rule) {
        if (value == null) {
            throw new IllegalArgumentException(what + " is missing: it must be " + rule);
        }
        if (!allowed.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "%s '%s' must be %s".formatted(what, shown(value), rule));
        }
    }

    private static String shown(String value) {
        String cut = value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
        return cut.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
