package dev.lepton.registry.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** A random password in a file that only its owner can read. */
record SecretFile(Path file) {

    private static final Pattern PASSWORD = Pattern.compile("[A-Za-z0-9_-]{43}");

    boolean isMissing() {
        return !Files.exists(file);
    }

    String read() {
        String text;
        try {
            text = Files.readString(file).strip();
        } catch (IOException e) {
            throw PostgresRefusal.misconfigured("cannot read the password file " + file + ": " + e);
        }
        if (!PASSWORD.matcher(text).matches()) {
            throw PostgresRefusal.misconfigured(
                    "the password file %s does not hold the 43 characters that were written to it: restore it, or delete it, and the next start of the server sets a new password"
                            .formatted(file));
        }
        return text;
    }

    static String newPassword() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** Stores a password in one step. */
    void store(String password) {
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(
                    fresh,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, password + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw PostgresRefusal.failed("cannot write the password file " + file, e);
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw PostgresRefusal.failed("cannot delete the password file " + file, e);
        }
    }
}
