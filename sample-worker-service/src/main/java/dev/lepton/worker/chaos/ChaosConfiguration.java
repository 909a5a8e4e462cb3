package dev.lepton.worker.chaos;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Failures on demand exist only where {@code lepton.sample.chaos} asks for them. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("lepton.sample.chaos")
class ChaosConfiguration {

    @Bean
    Faults faults() {
        return new Faults(System::nanoTime, RandomGenerator.getDefault());
    }

    @Bean
    FilterRegistrationBean<FaultFilter> faultFilter(Faults faults) {
        return new FilterRegistrationBean<>(new FaultFilter(faults, System::nanoTime));
    }

    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService chaosThread() {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("chaos").factory());
    }

    @Bean
    RequestThreads requestThreads(ServletWebServerApplicationContext context) {
        return new RequestThreads(() -> poolOf(context));
    }

    @Bean
    Leak leak() {
        return new Leak();
    }

    @Bean
    IntConsumer halt() {
        return Runtime.getRuntime()::halt;
    }

    private static Executor poolOf(ServletWebServerApplicationContext context) {
        WebServer server = context.getWebServer();
        if (!(server instanceof TomcatWebServer tomcat)) {
            throw new IllegalStateException("this fault needs Tomcat, not " + server);
        }
        return tomcat.getTomcat().getConnector().getProtocolHandler().getExecutor();
    }
}
