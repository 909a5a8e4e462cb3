package dev.lepton.supervisor;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the supervisor itself is told, beside the declaration.
 *
 * @param file the declaration of what runs on this node
 * @param home the folder that holds all state of the platform
 * @param tokenFile the file of the token that every call must carry; by default the one in the home
 *     folder, made at the first start
 * @param startConcurrency how many units may be starting at once
 * @param aotCache the file where the supervisor's own AOT cache is made when it is missing; none is
 *     made by default, because only who starts the supervisor can have it used
 */
@ConfigurationProperties("lepton")
public record SupervisorSettings(
        @DefaultValue("lepton.yml") String file,
        @DefaultValue(".lepton") String home,
        @Nullable String tokenFile,
        @DefaultValue("2") int startConcurrency,
        @Nullable String aotCache) {}
