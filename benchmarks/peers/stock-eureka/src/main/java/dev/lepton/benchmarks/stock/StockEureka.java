package dev.lepton.benchmarks.stock;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.netflix.eureka.server.EnableEurekaServer;

/** A Eureka server of one node. */
@SpringBootApplication
@EnableEurekaServer
public class StockEureka {

    public static void main(String[] arguments) {
        SpringApplication.run(StockEureka.class, arguments);
    }
}
