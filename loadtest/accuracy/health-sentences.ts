import type { Random } from '../../contracts/seeded-random.ts';
import type { Sample } from './health-identifiers.ts';

const FIELDS = ['ai.prompt', 'woocommerce.order.note', 'email.body', 'message', 'http.request.body.content', 'wordpress.form.message', 'http.response.body.content'] as const;
const NAMES = ['Jane Doe', 'John Sample', 'Maria Test', 'Erika Muster', 'Tom Brown', 'Aisha Example'] as const;

/** Everyday and rare: about every fifth is in no lexicon of ours as it stands. */
const CONDITIONS = ['type 2 diabetes', 'hypertension', 'asthma', 'COPD', 'major depressive disorder', 'bipolar II disorder', 'rheumatoid arthritis', 'breast cancer', 'stage IV lung cancer', 'HIV', 'hepatitis C', 'epilepsy', 'migraines', 'multiple sclerosis', 'Crohn\'s disease', 'ulcerative colitis', 'GERD', 'chronic kidney disease', 'atrial fibrillation', 'congestive heart failure', 'hypothyroidism', 'PCOS', 'endometriosis', 'psoriasis', 'severe eczema', 'glaucoma', 'sleep apnea', 'ADHD', 'PTSD', 'generalized anxiety disorder', 'anorexia nervosa', 'opioid use disorder', 'sickle cell anemia', 'osteoporosis', 'gout', 'lupus', 'fibromyalgia', 'Lyme disease', 'genital herpes', 'pneumonia', 'eosinophilic esophagitis', 'trichotillomania', 'Raynaud syndrome', 'polymyalgia rheumatica', 'takotsubo cardiomyopathy', 'sarcoidosis', 'Wilson disease', 'hyperemesis gravidarum', 'cluster headaches', 'interstitial cystitis'] as const;
const KRANKHEITEN = ['Diabetes', 'Bluthochdruck', 'Asthma', 'Brustkrebs', 'einer schweren Depression', 'Rheuma', 'Multiple Sklerose', 'Epilepsie', 'Migräne', 'einer Schilddrüsenunterfunktion', 'Vorhofflimmern', 'Gicht', 'Morbus Crohn', 'Neurodermitis', 'Demenz', 'Herzinsuffizienz', 'einer Angststörung', 'Osteoporose', 'Zöliakie', 'Borreliose'] as const;
const MEDICINES = ['metformin', 'lisinopril', 'atorvastatin', 'sertraline', 'Ozempic', 'warfarin', 'Eliquis', 'gabapentin', 'levothyroxine', 'amoxicillin', 'oxycodone', 'Adderall', 'Xanax', 'Humira', 'methotrexate', 'prednisone', 'Biktarvy', 'buprenorphine', 'lamotrigine', 'tamoxifen', 'zonisamide', 'perindopril', 'bosutinib', 'secukinumab', 'Vyvanse'] as const;
const ARZNEIEN = ['Ramipril', 'Metformin', 'Pantoprazol', 'Bisoprolol', 'L-Thyroxin', 'Marcumar', 'Citalopram', 'Ibuprofen', 'Novalgin', 'Amlodipin'] as const;
const LABS = ['HbA1c 7.2 %', 'HbA1c: 9.1%', 'LDL 190 mg/dL', 'TSH 6.4 mIU/L', 'creatinine 2.1 mg/dL', 'BP 152/94', 'hemoglobin 8.9 g/dL', 'viral load 40 copies/mL', 'PSA 11.2 ng/mL', 'INR 3.4', 'glucose of 240 mg/dl', 'CD4 count 210 cells/mm3', 'potassium 5.9 mmol/L', 'PHQ-9 score 18', 'eGFR 38 ml/min', 'blood pressure was 160/100'] as const;
const PROCEDURES = ['a mastectomy', 'an appendectomy', 'chemotherapy', 'a colonoscopy', 'a kidney transplant', 'an abortion', 'a hysterectomy', 'IVF', 'a knee replacement', 'a C-section', 'a liver biopsy', 'a cardiac ablation'] as const;

type Maker = (random: Random, name: string) => string;

const DIAGNOSES: Maker = (random, name) => {
  const condition = random.pick(CONDITIONS);
  const krankheit = random.pick(KRANKHEITEN);
  return random.pick([
    `${name} was diagnosed with ${condition} in 2019.`, `Patient has a history of ${condition} and is doing well.`, `I have ${condition}, which socks do you recommend?`, `My mother suffers from ${condition}.`, `Dx: ${condition}. Follow up in two weeks.`, `Diagnosis: ${condition}`,
    `54-year-old male with ${condition}, non-smoker`, `she was admitted with ${condition} last night`, `Summarise: the patient presents with ${condition} and fatigue`, `I've been struggling with ${condition} since my twenties`, `He tested positive for HIV and has ${condition}`, `my son's ${condition} got worse`, `PMH: ${condition}, otherwise healthy`,
    `Please ship quickly, I am being treated for ${condition}`, `Dear Mrs Sample, your results confirm ${condition}`, `is this safe for my husband, he has ${condition}?`, `because of her ${condition} she cannot travel`, `Assessment: ${condition}, stable.`, `Mr ${name} lives with ${condition}`,
    `Ich leide an ${krankheit} und brauche das Gerät`, `Herr Muster ist an ${krankheit} erkrankt`, `Diagnose: ${krankheit}`, `Meine Mutter hat ${krankheit}`, `Patientin mit Verdacht auf ${krankheit}`, `wegen meiner ${random.pick(['Migräne', 'Arthrose', 'Epilepsie', 'Depression'])} kann ich nicht kommen`,
  ]);
};

const PRESCRIPTIONS: Maker = (random, name) => {
  const medicine = random.pick(MEDICINES);
  const arznei = random.pick(ARZNEIEN);
  const dose = random.pick(['20 mg', '500mg', '5 mg', '0.5 mg', '100 mcg']);
  return random.pick([
    `Dr. Smith prescribed ${name} ${medicine} ${dose}`, `I take ${medicine} ${dose} twice daily`, `Please refill my ${medicine}`, `Medications: ${medicine}, ${random.pick(MEDICINES)}`, `Rx: ${medicine} ${dose} po bid`, `patient started on ${medicine} ${dose}`, `my wife is on ${medicine}`, `she takes ${dose} of ${medicine} every morning`,
    `can I take this with my ${medicine}?`, `${medicine} ${dose} once daily at bedtime`, `He was given ${medicine} in the ER`, `your prescription for ${medicine} is ready, Mrs Sample`, `Patient was switched from ${random.pick(MEDICINES)} to ${medicine}`, `I ran out of ${medicine} and need it`,
    `Ich nehme ${arznei} ${random.pick(['5 mg', '500 mg'])} morgens`, `Der Arzt hat mir ${arznei} verschrieben`, `Medikation: ${arznei} 5 mg 1-0-1`, `Meine Oma nimmt ${arznei}`, `Rezept für ${arznei} für Herrn Muster`,
  ]);
};

const LAB_RESULTS: Maker = (random, name) => {
  const lab = random.pick(LABS);
  return random.pick([`${name}: ${lab}`, `labs today: ${lab}, repeat in a month`, `my ${lab}, is that bad?`, `Results for ${name}, ${lab}`, lab, `Patient's ${lab} (high)`, `her HIV test came back positive`, `COVID-19 PCR: positive for ${name}`, `the biopsy was malignant, ${lab}`, `Hepatitis B reactive, ${lab}`]);
};

const TREATMENTS: Maker = (random, name) => {
  const procedure = random.pick(PROCEDURES);
  return random.pick([`${name} underwent ${procedure} in May`, `I had ${procedure} last year`, `she is scheduled for ${procedure} on Monday`, `my husband needs ${procedure}`, `Patient received ${procedure} and recovered`, `after ${procedure} I cannot lift things`, 'meine Frau hatte einen Kaiserschnitt', 'Herr Muster bekommt eine Chemotherapie', `pt s/p appendectomy`]);
};

const MAKERS: Readonly<Record<string, Maker>> = { 'phi.diagnosis sentences': DIAGNOSES, 'phi.prescription and medication sentences': PRESCRIPTIONS, 'phi.lab sentences': LAB_RESULTS, 'phi.procedure sentences': TREATMENTS };

/** Sentences about somebody's health, so many of each kind. */
export function sentenceSamples(random: Random, each: number): readonly Sample[] {
  return Object.entries(MAKERS).flatMap(([name, make]) => Array.from({ length: each }, () => ({ class: name, field: random.pick(FIELDS), text: make(random, random.pick(NAMES)) })));
}
