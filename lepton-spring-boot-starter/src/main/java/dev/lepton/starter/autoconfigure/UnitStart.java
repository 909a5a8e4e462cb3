package dev.lepton.starter.autoconfigure;

import dev.lepton.starter.fence.FenceWatch;
import dev.lepton.starter.membership.Membership;
import dev.lepton.starter.selfcheck.SelfCheckPath;
import dev.lepton.starter.selfcheck.SelfCheckTarget;
import dev.lepton.starter.selfcheck.SelfChecker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.util.StringUtils;

/**
 * Starts self-checks and registration once the application is ready, which is later than when the
 * web server listens: a unit that is not ready is not to be found. Returns at once.
 */
final class UnitStart implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger log = LoggerFactory.getLogger(UnitStart.class);

    private final ApplicationContext context;
    private final @Nullable Integer advertisedPort;
    private final SelfCheckPath selfCheckPath;
    private final SelfChecker selfChecker;
    private final Membership membership;
    private final FenceWatch fenceWatch;

    /**
     * @param advertisedPort null for the one that the web server listens on
     */
    UnitStart(
            ApplicationContext context,
            @Nullable Integer advertisedPort,
            SelfCheckPath selfCheckPath,
            SelfChecker selfChecker,
            Membership membership,
            FenceWatch fenceWatch) {
        this.context = context;
        this.advertisedPort = advertisedPort;
        this.selfCheckPath = selfCheckPath;
        this.selfChecker = selfChecker;
        this.membership = membership;
        this.fenceWatch = fenceWatch;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        if (event.getApplicationContext() != context) {
            return;
        }
        if (!(context instanceof WebServerApplicationContext web) || web.getWebServer() == null) {
            log.info("Not a unit: the application has no web server of its own");
            return;
        }
        int port = web.getWebServer().getPort();
        if (port <= 0) {
            log.info("Not a unit: the web server does not listen");
            return;
        }
        OwnServer server = OwnServer.of(context.getEnvironment());
        selfChecker.start(
                new SelfCheckTarget(
                        server.secure(),
                        server.localAddress(),
                        port,
                        basePath(web) + selfCheckPath.path()),
                membership::beatNow);
        fenceWatch.start();
        membership.start(server.secure(), advertisedPort == null ? port : advertisedPort);
    }

    /** Under which path the application lies on its server. */
    private static String basePath(ApplicationContext context) {
        String property =
                context instanceof ReactiveWebServerApplicationContext
                        ? "spring.webflux.base-path"
                        : "server.servlet.context-path";
        String path = context.getEnvironment().getProperty(property, "");
        String words = StringUtils.trimTrailingCharacter(path.strip(), '/');
        return words.isEmpty() || words.startsWith("/") ? words : "/" + words;
    }
}
