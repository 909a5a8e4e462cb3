package dev.lepton.cli.compose;

import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.outcome.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * A secret that a container reads as a file. All may read the file, because the user in the
 * container is not its owner; the folder around it lets in its owner alone.
 */
record SecretFile(Path file) {

    private static final int BYTES = 32;
    private static final int SHORTEST = 16;
    private static final Set<PosixFilePermission> READ_ONLY =
            PosixFilePermissions.fromString("r--r--r--");

    /**
     * @return whether it was made now
     * @throws CommandFailed when there is one that is no secret
     */
    boolean makeIfMissing() throws IOException {
        if (!Files.exists(file)) {
            make();
            return true;
        }
        int length = Files.readString(file).strip().length();
        if (length < SHORTEST) {
            throw new CommandFailed(
                    ExitCode.CONFIGURATION,
                    "the secret %s has %d characters and needs at least %d: delete it to have a new one made"
                            .formatted(file, length, SHORTEST));
        }
        Files.setPosixFilePermissions(file, READ_ONLY);
        return false;
    }

    private void make() throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), "secret", ".new");
        Files.writeString(fresh, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        Files.setPosixFilePermissions(fresh, READ_ONLY);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
