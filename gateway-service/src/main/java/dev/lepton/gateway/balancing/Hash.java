package dev.lepton.gateway.balancing;

/**
 * A hash of 64 bits that every gateway computes alike: FNV-1a over the characters, and the mixer of
 * {@link java.util.SplittableRandom} (Stafford's variant 13), because FNV alone leaves the high
 * bits of similar texts similar. Whoever chooses keys can make them collide.
 */
public final class Hash {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Hash() {}

    public static long of(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** Another number for each hash, above 0 and below 1. */
    static double fraction(long hash) {
        // Of 53 bits the highest number would be rounded to 1.
        return ((mix(hash) >>> 12) + 0.5) * 0x1p-52;
    }

    private static long mix(long hash) {
        long z = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
