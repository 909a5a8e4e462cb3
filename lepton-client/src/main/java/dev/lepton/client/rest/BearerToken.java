package dev.lepton.client.rest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The shared secret that every call between parts carries. Its text never appears in a message or a
 * log.
 */
public final class BearerToken {

    private static final String SCHEME = "Bearer ";
    private static final int SHORTEST = 16;

    private final byte[] secret;

    private BearerToken(String secret) {
        this.secret = secret.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * @throws IllegalArgumentException when the token is shorter than 16 characters or holds
     *     anything but visible ASCII
     */
    public static BearerToken of(String token) {
        String trimmed = token.strip();
        if (trimmed.length() < SHORTEST) {
            throw new IllegalArgumentException(
                    "a token must have at least " + SHORTEST + " characters");
        }
        if (!trimmed.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("a token must consist of visible ASCII characters");
        }
        return new BearerToken(trimmed);
    }

    /**
     * @throws IllegalArgumentException when the file is missing, unreadable, or holds no usable
     *     token
     */
    public static BearerToken read(Path file) {
        try {
            return of(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read the token file " + file + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the token file " + file + " is unusable: " + e.getMessage(), e);
        }
    }

    /** The value of the {@code Authorization} header that carries this token. */
    public String header() {
        return SCHEME + new String(secret, StandardCharsets.US_ASCII);
    }

    /**
     * Whether an {@code Authorization} header carries this token; takes the same time however much
     * of it fits.
     */
    public boolean authorizes(@Nullable String header) {
        return header != null
                && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        secret,
                        header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "BearerToken[…]";
    }
}
