package dev.lepton.registry.watch;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether a caller wants an answer as gzip (RFC 9110, section 12.5.3). */
final class AcceptedEncodings {

    private AcceptedEncodings() {}

    /**
     * @param header the caller's {@code Accept-Encoding}; only one that names gzip gets it
     */
    static boolean gzip(@Nullable String header) {
        if (header == null) {
            return false;
        }
        for (String one : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = one.replace(" ", "").split(";", -1);
            if (parts[0].equals("gzip")) {
                return parts.length == 1 || !parts[1].matches("q=0(\\.0*)?");
            }
        }
        return false;
    }
}
