package dev.lepton.worker;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the sample does beyond being a unit.
 *
 * @param chaos Whether the paths below '/chaos' make this worker fail; without it they do not
 *     exist.
 */
@ConfigurationProperties("lepton.sample")
record SampleSettings(@DefaultValue("false") boolean chaos) {}
