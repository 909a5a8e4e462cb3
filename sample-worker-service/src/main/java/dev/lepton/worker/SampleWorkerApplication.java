package dev.lepton.worker;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The worker's entry. The starter on the class path is all that makes it a unit. */
@SpringBootApplication
@EnableConfigurationProperties(SampleSettings.class)
public class SampleWorkerApplication {

    /** Starts the worker. */
    public static void main(String[] args) {
        SpringApplication.run(SampleWorkerApplication.class, args);
    }
}
