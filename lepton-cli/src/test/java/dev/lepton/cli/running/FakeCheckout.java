package dev.lepton.cli.running;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * A product's folder with built jars that are none, and a program in place of {@code java} that
 * unpacks them and then behaves as the supervisor that a test wants.
 */
final class FakeCheckout {

    private static final String PROGRAM =
            """
            #!/bin/sh
            last= destination= home=
            for argument; do
                [ "$last" = --destination ] && destination=$argument
                case $argument in --lepton.home=*) home=${argument#--lepton.home=} ;; esac
                last=$argument
            done
            if [ -n "$destination" ]; then
                cp -r '%s' "$destination"
                exit
            fi
            echo "started with $*"
            %s
            """;

    private static final String SERVES =
            """
            mkdir -p "$home/supervisor"
            printf %%s 0123456789abcdef > "$home/token"
            printf '{"pid":%%d,"url":"%s"}' $$ > "$home/supervisor/note"
            mv "$home/supervisor/note" "$home/supervisor/supervisor.json"
            trap 'kill $child; exit 0' TERM
            sleep 300 &
            child=$!
            wait $child
            """;

    private final Path folder;
    private final Path template;

    FakeCheckout(Path folder) {
        this.folder = folder;
        this.template = folder.resolve("template");
        try {
            Files.createDirectories(template.resolve("lib"));
            Files.writeString(template.resolve("lib/a.jar"), "library");
            Manifest manifest = new Manifest();
            manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
            manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "lib/a.jar");
            try (OutputStream out = Files.newOutputStream(template.resolve("x-exec.jar"))) {
                new JarOutputStream(out, manifest).close();
            }
            Files.writeString(folder.resolve("lepton.yml"), "services: {}\n");
            built("supervisor-service");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path folder() {
        return folder;
    }

    FakeCheckout built(String module) throws IOException {
        Path target = Files.createDirectories(declared(module).resolve("target"));
        Files.writeString(target.resolve(module + "-0.1.0-exec.jar"), module);
        return this;
    }

    Path declared(String module) throws IOException {
        Path path = Files.createDirectories(folder.resolve(module));
        Files.writeString(path.resolve("pom.xml"), "<project/>");
        return path;
    }

    /** A program whose supervisor says that it answers there, and runs until SIGTERM. */
    Path servingAt(String url) {
        return program(SERVES.formatted(url));
    }

    /** A program whose supervisor does what these lines of shell say. */
    Path program(String behaviour) {
        try {
            Path program = folder.resolve("java");
            Files.writeString(program, PROGRAM.formatted(template, behaviour));
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
