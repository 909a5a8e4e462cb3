package dev.lepton.registry.postgres;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How the server's programs are run, which refuse to run as root: as they are; in a user namespace
 * of their own, where root is nobody; or as an unprivileged user.
 *
 * @param prefix what stands before each command
 * @param user whom the server's files must belong to, -1 for whoever runs this process
 */
record PrivilegeDrop(List<String> prefix, int user, int group, String description) {

    private static final int SAME = -1;

    static PrivilegeDrop detect() {
        List<String> prefix = new ArrayList<>();
        if (Commands.succeeds("setsid", "true")) {
            // A session of its own, so that Ctrl-C reaches this process and not the server.
            prefix.add("setsid");
        }
        if (!isRoot()) {
            return new PrivilegeDrop(List.copyOf(prefix), SAME, SAME, "as the same user");
        }
        if (Commands.succeeds("unshare", "-U", "sh", "-c", "test \"$(id -u)\" != 0")) {
            prefix.addAll(List.of("unshare", "-U"));
            return new PrivilegeDrop(List.copyOf(prefix), 0, 0, "in a user namespace");
        }
        int nobody = idOfNobody("-u");
        int nogroup = idOfNobody("-g");
        List<String> setpriv =
                List.of(
                        "setpriv",
                        "--reuid=" + nobody,
                        "--regid=" + nogroup,
                        "--clear-groups",
                        "--inh-caps=-all");
        List<String> trial = new ArrayList<>(setpriv);
        trial.add("true");
        if (nobody > 0 && Commands.succeeds(trial.toArray(String[]::new))) {
            prefix.addAll(setpriv);
            return new PrivilegeDrop(
                    List.copyOf(prefix), nobody, nogroup, "as user nobody (" + nobody + ")");
        }
        throw PostgresRefusal.misconfigured(
                "PostgreSQL does not run as root, and neither 'unshare -U' (user namespaces) nor 'setpriv' (util-linux) works here: run the registry as another user, allow one of the two, or name a database in 'spring.datasource.url'");
    }

    List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }

    /** Lets the server reach its home; refuses when a folder above it is closed to its user. */
    void open(PostgresHome home) {
        if (user <= 0) {
            return;
        }
        try {
            for (Path own : List.of(home.leptonHome(), home.folder())) {
                letThrough(own);
            }
            Path above = home.leptonHome().getParent();
            while (above != null) {
                if (!lets(above)) {
                    throw PostgresRefusal.misconfigured(
                            "PostgreSQL runs %s here, who cannot pass through %s to its home %s: set 'lepton.home' (LEPTON_HOME) to a folder that can be reached by everyone, such as /var/lib/lepton, or run the registry as another user than root"
                                    .formatted(description, above, home.folder()));
                }
                above = above.getParent();
            }
        } catch (IOException e) {
            throw PostgresRefusal.failed("cannot open " + home.folder() + " to the server", e);
        }
    }

    /** Makes the server's user the owner of a file, or of a folder and all in it. */
    void own(Path path) {
        if (user == SAME) {
            return;
        }
        try {
            if (owner(path) == user) {
                return;
            }
            Files.walkFileTree(
                    path,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            give(file);
                            return FileVisitResult.CONTINUE;
                        }

                        // The folder after its files: one that was cut short is done again.
                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path folder, @org.jspecify.annotations.Nullable IOException failure)
                                throws IOException {
                            give(folder);
                            return super.postVisitDirectory(folder, failure);
                        }
                    });
        } catch (IOException e) {
            throw PostgresRefusal.failed("cannot give " + path + " to the server's user", e);
        }
    }

    private void give(Path path) throws IOException {
        Files.setAttribute(path, "unix:gid", group, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:uid", user, java.nio.file.LinkOption.NOFOLLOW_LINKS);
    }

    private boolean lets(Path folder) throws IOException {
        return owner(folder) == user
                || Files.getPosixFilePermissions(folder)
                        .contains(PosixFilePermission.OTHERS_EXECUTE);
    }

    private void letThrough(Path folder) throws IOException {
        if (!lets(folder)) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
            Files.setPosixFilePermissions(folder, permissions);
        }
    }

    private static int owner(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }

    private static boolean isRoot() {
        Path self = Path.of("/proc/self");
        try {
            return Files.exists(self)
                    ? owner(self) == 0
                    : System.getProperty("user.name", "").equals("root");
        } catch (IOException e) {
            throw PostgresRefusal.failed("cannot tell which user this process runs as", e);
        }
    }

    private static int idOfNobody(String what) {
        try {
            return Integer.parseInt(Commands.run(List.of("id", what, "nobody"), "").output());
        } catch (IOException | NumberFormatException e) {
            // No user of that name: the kernel's own number for nobody.
            return 65534;
        }
    }
}
