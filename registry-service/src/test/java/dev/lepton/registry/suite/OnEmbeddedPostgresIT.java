package dev.lepton.registry.suite;

import org.springframework.context.ConfigurableApplicationContext;

/** On the server that the registry starts by itself when it is told of none. */
class OnEmbeddedPostgresIT extends RegistrySuite {

    OnEmbeddedPostgresIT(ConfigurableApplicationContext context) {
        super(context);
    }
}
