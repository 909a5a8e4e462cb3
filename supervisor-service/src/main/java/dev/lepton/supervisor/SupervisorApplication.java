package dev.lepton.supervisor;

import dev.lepton.supervisor.api.ApiConfiguration;
import dev.lepton.supervisor.socketproxy.SocketProxyMain;
import dev.lepton.supervisor.supervision.Supervision;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;

/** The supervisor of this node; with {@code socket-proxy} as its first argument, that alone. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({SupervisionConfiguration.class, ApiConfiguration.class})
public class SupervisorApplication {

    /** Starts the one or the other. */
    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("socket-proxy")) {
            System.exit(SocketProxyMain.run(System.getenv()));
        }
        try {
            run(Preflight.check(arguments, System.getenv()), arguments);
        } catch (StartRefused e) {
            System.err.println("lepton supervisor: " + e.getMessage());
            System.exit(e.exitCode());
        } catch (RuntimeException _) {
            // Spring has logged it. Units that an earlier supervisor has left go on running.
            System.exit(Preflight.FAILED);
        }
    }

    private static void run(Preflight preflight, String[] arguments) {
        SpringApplication application = new SpringApplication(SupervisorApplication.class);
        application.setRegisterShutdownHook(false);
        application.addInitializers(context -> {
            ((GenericApplicationContext) context).registerBean(Preflight.class, () -> preflight);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(context), "ordered-stop"));
        });
        application.run(arguments);
    }

    /** A signal alone would end the process with 128 + n; an ordered stop is a success. */
    private static void stop(ConfigurableApplicationContext context) {
        boolean running = context.isRunning();
        Supervision supervision = running ? context.getBean(Supervision.class) : null;
        context.close();
        if (supervision != null && supervision.stopped()) {
            Runtime.getRuntime().halt(0);
        }
    }
}
