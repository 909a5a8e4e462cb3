package dev.lepton.gateway.lookup;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host by which routes are told apart: in lower case, without its port, each row of dots as one.
 * The predicate is stricter about some of that and lax about the last, so that a pattern and a host
 * may be the same here and not match, never the other way round.
 */
final class HostName {

    private static final Pattern WILDCARD = Pattern.compile("[*?{]");
    private static final Pattern DOTS = Pattern.compile("\\.{2,}");

    private HostName() {}

    /** The one host that matches; null when there are several. */
    static @Nullable String ofPattern(String pattern) {
        return WILDCARD.matcher(pattern).find() ? null : of(pattern);
    }

    /**
     * @param host as the header has it
     */
    static String of(String host) {
        int port = host.indexOf(':');
        String name = port < 0 ? host : host.substring(0, port);
        String single = name.contains("..") ? DOTS.matcher(name).replaceAll(".") : name;
        return single.toLowerCase(Locale.ROOT);
    }
}
