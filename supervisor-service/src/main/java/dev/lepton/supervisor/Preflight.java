package dev.lepton.supervisor;

import dev.lepton.client.rest.BearerToken;
import dev.lepton.supervisor.declaration.Declaration;
import dev.lepton.supervisor.declaration.DeclarationReader;
import dev.lepton.supervisor.declaration.DeclarationRefused;
import dev.lepton.supervisor.home.HomeHeld;
import dev.lepton.supervisor.home.HomeLock;
import dev.lepton.supervisor.home.LeptonHome;
import dev.lepton.supervisor.home.TokenFile;
import dev.lepton.supervisor.journal.Journal;
import dev.lepton.supervisor.journal.UnreadableJournal;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * What is read, made and checked before anything is started, so that a bad configuration costs no
 * more than the moment it takes to say so.
 *
 * @param tokenPath where children find the token, absolute
 */
record Preflight(
        SupervisorSettings settings,
        LeptonHome home,
        HomeLock lock,
        Path tokenPath,
        BearerToken token,
        Declaration declaration) {

    static final int BAD_CONFIGURATION = 78;
    static final int HELD_BY_ANOTHER = 75;
    static final int FAILED = 1;

    static Preflight check(String[] arguments, Map<String, String> environment)
            throws StartRefused {
        SupervisorSettings settings = settings(arguments);
        Declaration declaration = declaration(settings, environment);
        LeptonHome home = new LeptonHome(Path.of(settings.home()));
        try {
            home.create();
            HomeLock lock = HomeLock.acquire(home, ProcessHandle.current().pid());
            Path tokenPath =
                    settings.tokenFile() == null
                            ? home.token()
                            : Path.of(settings.tokenFile()).toAbsolutePath().normalize();
            BearerToken token = TokenFile.readOrCreate(tokenPath);
            new Journal(home.journal()).readAll();
            return new Preflight(settings, home, lock, tokenPath, token, declaration);
        } catch (HomeHeld e) {
            throw new StartRefused(HELD_BY_ANOTHER, e);
        } catch (UnreadableJournal e) {
            throw new StartRefused(FAILED, e);
        } catch (IllegalArgumentException e) {
            throw new StartRefused(BAD_CONFIGURATION, e);
        } catch (IOException e) {
            throw new StartRefused(
                    FAILED,
                    new IOException("cannot use 'lepton.home' " + home.folder() + ": " + e, e));
        }
    }

    private static SupervisorSettings settings(String[] arguments) throws StartRefused {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(arguments));
        ConfigurationPropertySources.attach(environment);
        SupervisorSettings settings;
        try {
            settings = Binder.get(environment).bindOrCreate("lepton", SupervisorSettings.class);
        } catch (BindException e) {
            throw new StartRefused(
                    BAD_CONFIGURATION,
                    new IllegalArgumentException(
                            "'%s' has an unusable value: %s"
                                    .formatted(e.getProperty(), rootMessage(e)),
                            e));
        }
        if (settings.startConcurrency() < 1) {
            throw new StartRefused(
                    BAD_CONFIGURATION,
                    new IllegalArgumentException(
                            "'lepton.start-concurrency' %d must be at least 1"
                                    .formatted(settings.startConcurrency())));
        }
        return settings;
    }

    private static Declaration declaration(
            SupervisorSettings settings, Map<String, String> environment) throws StartRefused {
        try {
            return new DeclarationReader(hostName(environment), environment)
                    .read(Path.of(settings.file()));
        } catch (DeclarationRefused e) {
            throw new StartRefused(BAD_CONFIGURATION, e);
        }
    }

    /** What this machine calls itself, or this container. */
    static String hostName(Map<String, String> environment) {
        String told = environment.get("HOSTNAME");
        if (told != null && !told.isBlank()) {
            return told;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException _) {
            // A machine without a name of its own has this one.
            return "localhost";
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
