/** The registry's REST interface as a client: a list of URLs, one bearer token, typed refusals. */
@NullMarked
package dev.lepton.client.rest;

import org.jspecify.annotations.NullMarked;
