package dev.lepton.gateway.edge;

import dev.lepton.gateway.settings.EdgeSettings;
import dev.lepton.gateway.settings.EdgeSettings.Allowance;
import org.jspecify.annotations.Nullable;

/**
 * Which paths are refused: those that the gateway and a unit could read as two different ones.
 * Nothing is decoded or rewritten, so that a path which passes reaches the unit as it came.
 *
 * <p>A character is one of {@code pchar} of RFC 3986, or it is percent-encoded. An encoding must
 * not stand for what has a meaning in a path ({@code / \ ;} or a control character), and a {@code
 * %25} not begin another encoding of that. A segment must be neither empty nor {@code .} or {@code
 * ..}, however these are written.
 */
final class PathRules {

    private static final String OTHER_PCHARS = "-._~!$&'()*+,=:@";
    private static final String MEANINGFUL = "./\\%;";
    private static final int DEL = 0x7f;

    private final EdgeSettings settings;

    PathRules(EdgeSettings settings) {
        this.settings = settings;
    }

    /**
     * @param path raw, from its first {@code /} up to the query
     */
    @Nullable Refusal check(String path) {
        Segment segment = new Segment();
        for (int at = 1; at < path.length(); at++) {
            char c = path.charAt(at);
            Refusal found = null;
            switch (c) {
                case '/' -> {
                    if (segment.isEmpty() && !settings.allows(Allowance.EMPTY_SEGMENTS)) {
                        return Refusal.EMPTY_SEGMENT;
                    }
                    found = segment.end();
                }
                case ';' -> {
                    found = unless(Allowance.SEMICOLON, Refusal.SEMICOLON);
                    segment.parameters();
                }
                case '%' -> {
                    int decoded = hex(path, at + 1);
                    found =
                            decoded < 0
                                    ? Refusal.PERCENT_ENCODING
                                    : checkEncoded(decoded, path, at, segment);
                    at += 2;
                }
                default -> {
                    if (!isLetterOrDigit(c) && OTHER_PCHARS.indexOf(c) < 0) {
                        return Refusal.PATH_CHARACTER;
                    }
                    segment.add(c);
                }
            }
            if (found != null) {
                return found;
            }
        }
        return segment.end();
    }

    private @Nullable Refusal checkEncoded(int decoded, String path, int at, Segment segment) {
        if (isControl(decoded)) {
            return Refusal.ENCODED_CONTROL;
        }
        switch (decoded) {
            case '/', '\\' -> {
                // A unit that decodes it sees the end of a segment here.
                Refusal found = unless(Allowance.ENCODED_SLASH, Refusal.ENCODED_SLASH);
                return found != null ? found : segment.end();
            }
            case ';' -> {
                segment.parameters();
                return unless(Allowance.SEMICOLON, Refusal.SEMICOLON);
            }
            case '%' -> {
                segment.add('%');
                return isEncodedTwice(path, at)
                        ? unless(Allowance.DOUBLE_ENCODING, Refusal.DOUBLE_ENCODING)
                        : null;
            }
            default -> {
                segment.add((char) decoded);
                return null;
            }
        }
    }

    private @Nullable Refusal unless(Allowance allowance, Refusal refusal) {
        return settings.allows(allowance) ? null : refusal;
    }

    /** Whether the {@code %25} at a place begins another encoding, of what has a meaning. */
    static boolean isEncodedTwice(String path, int at) {
        int again = hex(path, at + 3);
        return again >= 0 && (isControl(again) || MEANINGFUL.indexOf(again) >= 0);
    }

    /** What two digits at a place stand for, negative when there are none. */
    static int hex(String path, int at) {
        if (at + 2 > path.length()) {
            return -1;
        }
        int high = digit(path.charAt(at));
        int low = digit(path.charAt(at + 1));
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    /** Not {@link Character#digit}, which knows digits beyond ASCII. */
    private static int digit(char c) {
        return c > DEL ? -1 : Character.digit(c, 16);
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static boolean isControl(int c) {
        return c < ' ' || c == DEL;
    }

    /** What has been seen of a segment, decoded and less its parameters. */
    private static final class Segment {

        private int length;
        private int dots;
        private boolean inParameters;
        private boolean any;

        void add(char c) {
            any = true;
            if (!inParameters) {
                length++;
                dots += c == '.' ? 1 : 0;
            }
        }

        void parameters() {
            any = true;
            inParameters = true;
        }

        boolean isEmpty() {
            return !any;
        }

        @Nullable Refusal end() {
            boolean isDots = length == dots && (dots == 1 || dots == 2);
            length = 0;
            dots = 0;
            inParameters = false;
            any = false;
            return isDots ? Refusal.DOT_SEGMENT : null;
        }
    }
}
