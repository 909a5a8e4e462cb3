package dev.lepton.cli.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Which jar a copy was made from. Size and time of change are looked at first; a jar that was only
 * touched is told by its content.
 *
 * @param millis the jar's last change
 * @param sha256 of its content, as hexadecimal digits
 */
record Stamp(long size, long millis, String sha256) {

    private static final int BUFFER_BYTES = 1 << 16;

    static Stamp of(Path jar) throws IOException {
        return new Stamp(Files.size(jar), Files.getLastModifiedTime(jar).toMillis(), sha256Of(jar));
    }

    /** Null when there is none, or none that can be understood. */
    static @Nullable Stamp read(Path file) throws IOException {
        try {
            String[] parts = Files.readString(file).strip().split(" ", -1);
            return parts.length == 3
                    ? new Stamp(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2])
                    : null;
        } catch (NoSuchFileException | NumberFormatException e) {
            // The copy is made anew then, which is always right.
            return null;
        }
    }

    void write(Path file) throws IOException {
        Files.writeString(file, size + " " + millis + " " + sha256 + "\n");
    }

    boolean looksLike(Path jar) throws IOException {
        return size == Files.size(jar) && millis == Files.getLastModifiedTime(jar).toMillis();
    }

    boolean sameContentAs(Path jar) throws IOException {
        return size == Files.size(jar) && sha256.equals(sha256Of(jar));
    }

    private static String sha256Of(Path jar) throws IOException {
        try (InputStream in = Files.newInputStream(jar)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
