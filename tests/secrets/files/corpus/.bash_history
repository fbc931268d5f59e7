cd /srv
ls -la
mysql -h db -u root -pmuede-Schnecke-6 shop
mysql -u root -p
export AWS_SECRET_ACCESS_KEY=ThisIsNotARealKeyOfAnyAwsAccountAtAll000
curl -u anna:blinder-Passagier-8 https://api.example.org/
curl -H "Authorization: Bearer not-a-real-bearer-token-77" https://api.example.org/
docker login -u anna -p goldener-Herbst-3 registry.example.org
docker login -u anna --password-stdin registry.example.org
sshpass -p 'kalte Suppe 9' ssh root@10.0.0.1
sshpass -p "$PASS" ssh root@10.0.0.1
PGPASSWORD=fauler-Apfel-12 psql -h db shop
kubectl create secret generic db --from-literal=password=rasender-Igel-5
redis-cli -h cache -a schlauer-Fuchs-7 ping
git clone https://bot:lautes-Radio-60@git.example.org/shop.git
echo 'root:morscher-Ast-4' | chpasswd
tar -xzp -f a.tgz
mkdir -p /srv/data
helm upgrade shop ./chart --set auth.password=langer-Atem-9
aws configure set aws_secret_access_key ThisIsNotARealKeyOfAnyAwsAccountAtAll111
openssl enc -aes-256-cbc -k saurer-Regen-1 -in a -out b
rabbitmqctl add_user shop platter-Reifen-44
