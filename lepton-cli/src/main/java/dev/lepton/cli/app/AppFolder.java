package dev.lepton.cli.app;

import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.outcome.ExitCode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * The folder of the copies that a platform runs from: {@code <module>/<module>.jar} with its
 * libraries in {@code <module>/lib}. A copy is made again only when its jar has changed, aside, and
 * put in place as a whole.
 */
public final class AppFolder {

    private static final String STAMP = ".stamp";

    private final Path folder;
    private final Extraction extraction;

    public AppFolder(Path folder, Extraction extraction) {
        this.folder = folder;
        this.extraction = extraction;
    }

    /**
     * @return whether a new copy was made
     */
    public boolean update(String module, Path jar) throws IOException {
        Path copy = folder.resolve(module);
        if (isCurrent(copy, module, jar)) {
            return false;
        }
        Path next = folder.resolve("." + module + "-next");
        Path previous = folder.resolve("." + module + "-previous");
        new FolderTree(next).delete();
        new FolderTree(previous).delete();
        Stamp stamp = Stamp.of(jar);
        extraction.extract(jar, next);
        arrange(next, module, jar);
        stamp.write(next.resolve(STAMP));
        if (Files.exists(copy)) {
            Files.move(copy, previous, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(next, copy, StandardCopyOption.ATOMIC_MOVE);
        new FolderTree(previous).delete();
        return true;
    }

    public Path jar(String module) {
        return folder.resolve(module).resolve(module + ".jar");
    }

    private boolean isCurrent(Path copy, String module, Path jar) throws IOException {
        Stamp stamp = Stamp.read(copy.resolve(STAMP));
        if (stamp == null || !Files.isRegularFile(jar(module))) {
            return false;
        }
        if (stamp.looksLike(jar)) {
            return true;
        }
        if (stamp.sameContentAs(jar)) {
            Stamp.of(jar).write(copy.resolve(STAMP));
            return true;
        }
        return false;
    }

    private static void arrange(Path extracted, String module, Path jar) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(extracted, "*.jar")) {
            found.forEach(jars::add);
        }
        if (jars.size() != 1 || !classPathIsThere(jars.getFirst(), extracted)) {
            throw new CommandFailed(
                    ExitCode.FAILED,
                    "%s is no executable jar of a service: build it again with './mvnw package'"
                            .formatted(jar));
        }
        Files.move(jars.getFirst(), extracted.resolve(module + ".jar"));
    }

    private static boolean classPathIsThere(Path jar, Path folder) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String libraries =
                    manifest == null
                            ? null
                            : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            if (libraries == null) {
                return false;
            }
            for (String library : libraries.split(" ", -1)) {
                if (!Files.isRegularFile(folder.resolve(library))) {
                    return false;
                }
            }
            return true;
        }
    }
}
