/** What a caller is told when the registry does not do as asked: RFC 9457 problem details. */
@NullMarked
package dev.lepton.registry.problem;

import org.jspecify.annotations.NullMarked;
