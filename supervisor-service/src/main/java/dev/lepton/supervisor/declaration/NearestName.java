package dev.lepton.supervisor.declaration;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;

/** Guesses which known name was meant, by the Levenshtein distance. */
final class NearestName {

    private static final int FARTHEST = 3;

    private NearestName() {}

    /** A question to add to a message, empty when no known name is near. */
    static String hint(String given, Collection<String> known) {
        return known.stream()
                .filter(name -> distance(given, name) <= Math.min(FARTHEST, name.length() - 1))
                .min(Comparator.comparingInt(name -> distance(given, name)))
                .map(name -> ", did you mean '" + name + "'?")
                .orElse("");
    }

    static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        Arrays.setAll(previous, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(substitution, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
