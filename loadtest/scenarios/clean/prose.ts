import type { Random } from '../../../contracts/seeded-random.ts';

/** What people write to shops, in the words that attacks are made of too. */
const SENTENCES: Readonly<Record<string, readonly string[]>> = {
  en: [
    'Please select the blue one from the list and drop me a line.', 'The union of both sets would be perfect.', 'I ordered 2 or 3 of them, and one table arrived broken.', "It's fine -- really; thanks!", 'Ignore the bad reviews, it assembles easily.',
    'The system prompted me to log in twice.', 'Update: the set arrived, where do I insert the batteries?', 'Is it an exec chair? I want to sleep on it.', 'The script on the label says 1=1 litre, which is odd.', 'How do I use onclick with your app?', 'My cat; my dog & I love it <3',
    'Delete my old order #{n} please, then order by invoice.', 'See https://www.example.org/a/b/../c?x=1&y=2 for the picture.', 'I paid {p} EUR on 12/03/2026 at 10:30.', 'The function of the pump and the class of protection (IP44) are unclear.', 'I need it between Monday and Friday, or else cancel.', 'Forget my previous message, I found the instructions.',
  ],
  de: [
    'Bitte wählen Sie das Modell aus der Liste; danke.', 'Die Lieferung kam am 3. und 4. -- beide Kartons waren offen.', 'Ich hätte gern 2 oder 3 davon, von Größe 40.', 'Bitte löschen Sie meine alte Bestellung Nr. {n}.', 'Können Sie mir die Anleitung noch einmal schicken?', 'Der Artikel wurde aus dem Set entnommen.', 'Wo finde ich die Tabelle mit den Maßen (1/2 Zoll)?', 'Vergessen Sie meine letzte Nachricht.', 'Der Preis war {p} € & nicht mehr.', 'System und Anleitung passen nicht zusammen.',
  ],
  fr: [
    "J'ai commandé l'ensemble d'hier ; où est-il ?", "L'adresse est « 5, rue de l'Union ».", 'Ignorez mon dernier message, merci.', 'Le tableau des tailles est faux: 40 = 41.',
    "C'est parfait -- merci & à bientôt !", 'Sélectionnez le bleu, ou le vert, s’il vous plaît.', 'Commande n° {n}, payée {p} €.',
  ],
  es: [
    '¿Dónde está mi pedido {n}?', 'Seleccione el azul o el verde; gracias.', 'Olvide el mensaje anterior, ya encontré las instrucciones.', 'La tabla de tallas dice 40 = 41.',
    'Pagué {p} € y no llegó nada.', 'Quiero 2 o 3 de la misma mesa.',
  ],
  it: [
    "Dov'è il mio ordine {n}?", "L'ho scelto dalla tabella; grazie mille!", 'Ignori il mio ultimo messaggio.', 'Ho pagato {p} € e non è arrivato.', 'Vorrei 2 o 3 pezzi dello stesso set.',
    "È un'unione perfetta -- davvero.",
  ],
  pl: [
    'Gdzie jest moje zamówienie {n}?', 'Proszę wybrać niebieski lub zielony; dziękuję.', 'Proszę zignorować poprzednią wiadomość.', 'Zapłaciłem {p} zł i nic nie przyszło.',
    'Tabela rozmiarów: 40 = 41.',
  ],
  nl: ['Waar is mijn bestelling {n}?', 'Kies de blauwe of de groene; dank u.', 'Vergeet mijn vorige bericht.', 'Ik betaalde {p} € en kreeg niets.', 'De tabel met maten klopt niet: 40 = 41.'],
};
const LANGUAGES = Object.keys(SENTENCES);

/** A few sentences in one language. */
export function prose(random: Random, most = 6): string {
  const language = random.pick(LANGUAGES);
  return Array.from({ length: 1 + random.below(most) }, () => random.pick(SENTENCES[language] ?? [''])).join(random.chance(0.2) ? '\n' : ' ')
    .replaceAll('{n}', () => String(10_000 + random.below(90_000))).replaceAll('{p}', () => `${random.below(900)}.${random.digits(2)}`);
}
