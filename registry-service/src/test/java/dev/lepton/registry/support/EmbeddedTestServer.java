package dev.lepton.registry.support;

import dev.lepton.registry.postgres.PostgresRefusal;
import dev.lepton.registry.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The embedded server, as users have it; started by the first test that needs it. */
public final class EmbeddedTestServer implements TestServer {

    private static final class Shared {
        static final EmbeddedTestServer INSTANCE = start();
    }

    private final PostgresServer server;
    private final Path home;

    private EmbeddedTestServer(PostgresServer server, Path home) {
        this.server = server;
        this.home = home;
    }

    public static EmbeddedTestServer shared() {
        return Shared.INSTANCE;
    }

    /** The unpacked programs, for homes that are not to unpack their own. */
    public Path binaries() {
        return home.resolve("postgres/bin");
    }

    @Override
    public int port() {
        return server.access().port();
    }

    @Override
    public String username() {
        return server.access().username();
    }

    @Override
    public String password() {
        return server.access().password();
    }

    @Override
    public String superuser() {
        return "postgres";
    }

    @Override
    public String superuserPassword() {
        try {
            return Files.readString(home.resolve("postgres/superuser-password")).strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static EmbeddedTestServer start() {
        EmbeddedTestServer started;
        try {
            started = start(Path.of("target", "test-home").toAbsolutePath());
        } catch (PostgresRefusal e) {
            // Another run of these tests has it, or the server's user cannot reach this folder.
            started = start(temporaryHome());
        }
        PostgresServer server = started.server;
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return started;
    }

    private static EmbeddedTestServer start(Path home) {
        return new EmbeddedTestServer(PostgresServer.start(home, System::nanoTime), home);
    }

    private static Path temporaryHome() {
        try {
            Path home = Files.createTempDirectory("lepton-test-postgres");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> home.toFile().deleteOnExit()));
            return home;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
