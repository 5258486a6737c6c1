package example;

import static org.springframework.security.config.Customizer.withDefaults;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.access.BearerTokenAccessDeniedHandler;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An API of a bank. Reading the balance takes a token; changing the limit takes two kinds of proof, the first of them given
 * within the last five minutes. Whoever has less is told what to bring (RFC 9470 section 3).
 */
@RestController
@SpringBootApplication
public class BankApi {
  private static final List<String> LEVELS = List.of("aal1", "aal2", "aal3");

  public static void main(String[] arguments) {
    SpringApplication.run(BankApi.class, arguments);
  }

  @GetMapping("/balance")
  Map<String, String> balance(Principal who) {
    return Map.of("balance", "1000.00", "of", who.getName());
  }

  @PostMapping("/limit")
  Map<String, String> limit(Principal who) {
    return Map.of("limit", "5000.00", "of", who.getName());
  }

  @Bean
  SecurityFilterChain api(HttpSecurity http) throws Exception {
    return http.authorizeHttpRequests(it ->
            it.requestMatchers(HttpMethod.POST, "/limit")
                .access(proven("aal2", Duration.ofMinutes(5)))
                .anyRequest()
                .authenticated())
        .oauth2ResourceServer(it -> it.jwt(withDefaults()).accessDeniedHandler(challenging()))
        .csrf(CsrfConfigurer::disable) // Nothing here is done on the word of a cookie.
        .build();
  }

  /** What is missing. */
  record Insufficient(String level, Duration maxAge) implements AuthorizationResult {
    @Override
    public boolean isGranted() {
      return false;
    }
  }

  private static AuthorizationManager<RequestAuthorizationContext> proven(
      String level, Duration maxAge) {
    return (who, request) -> {
      if (!(who.get() instanceof JwtAuthenticationToken token)) {
        return new AuthorizationDecision(false);
      }
      Instant at = token.getToken().getClaimAsInstant("auth_time");
      boolean enough =
          LEVELS.indexOf(token.getToken().getClaimAsString("acr")) >= LEVELS.indexOf(level)
              && at != null
              && !at.plus(maxAge).isBefore(Instant.now());
      return enough ? new AuthorizationDecision(true) : new Insufficient(level, maxAge);
    };
  }

  private static AccessDeniedHandler challenging() {
    var usual = new BearerTokenAccessDeniedHandler();
    return (request, response, why) -> {
      if (why instanceof AuthorizationDeniedException denied
          && denied.getAuthorizationResult() instanceof Insufficient missing) {
        response.setHeader(
            "WWW-Authenticate",
            "Bearer error=\"insufficient_user_authentication\", acr_values=\"%s\", max_age=\"%d\""
                .formatted(missing.level(), missing.maxAge().toSeconds()));
        response.setStatus(401);
      } else {
        usual.handle(request, response, why);
      }
    };
  }

  /** Access tokens say by their type that they are such (RFC 9068 section 4). */
  @Bean
  JwtDecoder tokens(
      @Value("${countersign.issuer}") String issuer,
      @Value("${countersign.audience}") String audience) {
    var decoder = NimbusJwtDecoder.withIssuerLocation(issuer).validateType(false).build();
    decoder.setJwtValidator(
        JwtValidators.createAtJwtValidator()
            .issuer(issuer)
            .audience(audience)
            .validators(it ->
                it.put("client_id", new JwtClaimValidator<>("client_id", Objects::nonNull)))
            .build());
    return decoder;
  }
}
