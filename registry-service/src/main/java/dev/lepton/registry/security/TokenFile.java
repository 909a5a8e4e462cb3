package dev.lepton.registry.security;

import dev.lepton.client.rest.BearerToken;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The file that holds the bearer token; made at the first start, readable by its owner alone. A
 * file that nobody may write is a secret that was handed into a container: there its reader is not
 * its owner, and the folder that it came from is what keeps others away.
 */
record TokenFile(Path file) {

    private static final Set<PosixFilePermission> FOR_OTHERS =
            EnumSet.of(
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);

    private static final Set<PosixFilePermission> WRITING =
            EnumSet.of(
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_WRITE);

    /**
     * @throws TokenRefused when the file cannot be made or read, others may read it, or it holds no
     *     usable token
     */
    BearerToken readOrMake() {
        try {
            if (!Files.exists(file)) {
                make();
            }
            requirePrivate();
            return BearerToken.read(file);
        } catch (IOException e) {
            throw new TokenRefused("cannot make the token file " + file + ": " + e, e);
        } catch (IllegalArgumentException e) {
            throw new TokenRefused(String.valueOf(e.getMessage()), e);
        }
    }

    /** Several processes may do this at once: the file appears complete, and the first one wins. */
    private void make() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.exists(folder)) {
            Path above = folder.getParent();
            if (above != null) {
                Files.createDirectories(above);
            }
            makeFolder(folder);
        }
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        Path fresh = Files.createTempFile(folder, "token", ".new", permissions("rw-------"));
        try {
            Files.writeString(
                    fresh,
                    Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n",
                    StandardOpenOption.SYNC,
                    StandardOpenOption.WRITE);
            link(fresh);
        } finally {
            Files.delete(fresh);
        }
    }

    private void link(Path fresh) throws IOException {
        try {
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            // Another process was first: its token is the one.
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, permissions("rwx------"));
        } catch (FileAlreadyExistsException e) {
            // Another process was first.
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> permissions(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }

    private void requirePrivate() throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (Collections.disjoint(permissions, WRITING)) {
            return;
        }
        for (PosixFilePermission permission : FOR_OTHERS) {
            if (permissions.contains(permission)) {
                throw new TokenRefused(
                        "the token file %s has the permissions %s, and others must not read or change it: chmod 600 it, and replace the token if it may be known"
                                .formatted(file, PosixFilePermissions.toString(permissions)));
            }
        }
    }
}
