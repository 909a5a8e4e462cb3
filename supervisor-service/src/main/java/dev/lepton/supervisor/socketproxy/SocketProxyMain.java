package dev.lepton.supervisor.socketproxy;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The socket proxy as a program of its own, without Spring. */
public final class SocketProxyMain {

    private static final String LOGGING = "logback.configurationFile";
    private static final int BAD_CONFIGURATION = 78;
    private static final int FAILED = 1;

    private SocketProxyMain() {}

    /**
     * Serves until the process is ended.
     *
     * @return the exit code
     */
    public static int run(Map<String, String> environment) {
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "logback-socket-proxy.xml");
        }
        Logger log = LoggerFactory.getLogger(SocketProxyMain.class);
        try {
            serve(ProxySettings.of(environment), log);
            return 0;
        } catch (IllegalArgumentException | IllegalStateException e) {
            log.error("{}", e.getMessage());
            return BAD_CONFIGURATION;
        } catch (EngineAway | IOException e) {
            log.error("{}", e.getMessage());
            return FAILED;
        }
    }

    private static void serve(ProxySettings settings, Logger log) throws EngineAway, IOException {
        try (ScheduledExecutorService timer = Engine.newTimer()) {
            Engine engine = new Engine(settings.socket(), timer);
            Scope scope = new Scope(project(settings, engine));
            try (SocketProxy proxy =
                    new SocketProxy(settings.address(), engine, scope, Bounds.ORDINARY)) {
                log.info(
                        "lets through to {} what concerns units of the project {}, on {}",
                        settings.socket(),
                        scope.project(),
                        settings.address());
                proxy.serve();
            }
        }
    }

    private static String project(ProxySettings settings, Engine engine) throws EngineAway {
        return settings.project() == null
                ? OwnProject.ask(engine, settings.hostName() == null ? "" : settings.hostName())
                : settings.project();
    }
}
