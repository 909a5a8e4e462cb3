package dev.lepton.gateway.edge;

import java.util.ArrayList;
import java.util.List;

/**
 * How programs behind the gateway may read a path that it leaves as it is: with what is encoded
 * decoded once, twice and so on, without parameters, and with several slashes as one.
 */
final class PathReadings {

    private PathReadings() {}

    /** Each other reading, down to the one that has nothing left to read otherwise. */
    static List<String> of(String path) {
        List<String> readings = new ArrayList<>();
        // Each is shorter than the one before.
        for (String next = once(path);
                !next.equals(readings.isEmpty() ? path : readings.getLast()); ) {
            readings.add(next);
            next = once(next);
        }
        return readings;
    }

    private static String once(String path) {
        StringBuilder reading = new StringBuilder(path.length());
        boolean inParameters = false;
        for (int at = 0; at < path.length(); at++) {
            char c = path.charAt(at);
            int decoded = c == '%' ? PathRules.hex(path, at + 1) : -1;
            if (decoded == '/' || decoded == '\\' || decoded == ';') {
                at += 2;
                c = decoded == ';' ? ';' : '/';
            } else if (decoded == '%' && PathRules.isEncodedTwice(path, at)) {
                at += 2;
            }
            if (c == '/') {
                inParameters = false;
                if (!reading.isEmpty() && reading.charAt(reading.length() - 1) == '/') {
                    continue;
                }
            }
            inParameters |= c == ';';
            if (!inParameters) {
                reading.append(c);
            }
        }
        return reading.toString();
    }
}
