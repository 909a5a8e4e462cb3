/** Answers of services that are kept and given again, as a shared cache may (RFC 9111). */
@NullMarked
package dev.lepton.gateway.cache;

import org.jspecify.annotations.NullMarked;
