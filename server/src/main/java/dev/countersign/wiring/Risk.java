package dev.countersign.wiring;

import dev.countersign.config.Keys;
import dev.countersign.loginsession.Observing;
import dev.countersign.loginsession.Senses;
import dev.countersign.risk.BrowserKeys;
import dev.countersign.risk.Observe;
import dev.countersign.risk.RiskSettings;
import dev.countersign.risk.StolenPasswords;
import dev.countersign.risk.lists.Feeds;
import dev.countersign.risk.lists.Lists;
import dev.countersign.risk.lists.OperatorLists;
import dev.countersign.risk.places.Places;

/** What is noteworthy about a sign-in. */
public final class Risk {
  public final Places places;
  public final Lists addressLists;
  public final Feeds feeds;
  public final StolenPasswords stolenPasswords;
  public final Observe observe;
  public final BrowserKeys browserKeys;
  public final Senses senses;

  public Risk(Ground ground, Proofs proofs) {
    var settings = ground.settings;
    places = new Places(settings.get(Keys.RISK_PLACES), settings.get(Keys.RISK_PLACES_FILE));
    var operatorLists =
        new OperatorLists(settings.get(Keys.RISK_BLOCKED), settings.get(Keys.RISK_FEEDS));
    addressLists =
        new Lists(
            ground.sealer, ground.entropy, operatorLists, RiskSettings.USUAL_DAYS, ground.clock);
    feeds =
        new Feeds(
            ground.database,
            addressLists,
            operatorLists,
            ground.outbound,
            ground.audit,
            ground.clock);
    stolenPasswords =
        new StolenPasswords(settings.get(Keys.RISK_STOLEN_PASSWORDS_URL), ground.outbound);
    observe = new Observe(ground.digester, places, addressLists, proofs.guesses.recent());
    browserKeys = new BrowserKeys(ground.digester);
    senses = new Observing(observe, browserKeys);
  }
}
