package dev.lepton.supervisor;

import dev.lepton.supervisor.api.ApiConfiguration;
import dev.lepton.supervisor.supervision.Supervision;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;

/** Starts the supervisor of this node. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({SupervisionConfiguration.class, ApiConfiguration.class})
public class SupervisorApplication {

    public static void main(String[] arguments) {
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
